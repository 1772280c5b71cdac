// Makes ../vectors.json: authorizations signed by viem, and headers made by the clients of
// both protocols. npm ci && node vectors.mjs > ../vectors.json
import { privateKeyToAccount } from "viem/accounts";
import { hashTypedData, keccak256, toHex } from "viem";
import { createPaymentHeader } from "x402/client";
import { x402Client, x402HTTPClient } from "@x402/fetch";
import { registerExactEvmScheme } from "@x402/evm/exact/client";

const types = {
  TransferWithAuthorization: [
    { name: "from", type: "address" },
    { name: "to", type: "address" },
    { name: "value", type: "uint256" },
    { name: "validAfter", type: "uint256" },
    { name: "validBefore", type: "uint256" },
    { name: "nonce", type: "bytes32" },
  ],
};
const networks = {
  base: { caip2: "eip155:8453", chainId: 8453, token: "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913", name: "USD Coin" },
  "base-sepolia": { caip2: "eip155:84532", chainId: 84532, token: "0x036CbD53842c5426634e7929541eC2318f3dCF7e", name: "USDC" },
};
const payTo = privateKeyToAccount(keccak256(toHex("platform"))).address;

const signed = [];
for (const [network, n] of Object.entries(networks)) {
  for (const value of ["1", "50000000", "18446744073709551616", "1" + "0".repeat(38)]) {
    for (const name of ["client", "worker"]) {
      const account = privateKeyToAccount(keccak256(toHex(name)));
      const authorization = {
        from: account.address, to: payTo, value, validAfter: "1780315740", validBefore: "1780315860",
        nonce: keccak256(toHex(`${network} ${value} ${name}`)),
      };
      const data = {
        types, primaryType: "TransferWithAuthorization",
        domain: { name: n.name, version: "2", chainId: n.chainId, verifyingContract: n.token },
        message: { ...authorization, value: BigInt(value), validAfter: 1780315740n, validBefore: 1780315860n },
      };
      signed.push({ network, key: keccak256(toHex(name)), authorization, digest: hashTypedData(data), signature: await account.signTypedData(data) });
    }
  }
}

const headers = [];
for (const [network, n] of Object.entries(networks)) {
  const key = keccak256(toHex("client"));
  const account = privateKeyToAccount(key);
  const extra = { name: n.name, version: "2" };
  const v1 = { scheme: "exact", network, maxAmountRequired: "50000000", resource: "https://api.example/v1/contracts", description: "escrow c1",
    mimeType: "application/json", payTo, maxTimeoutSeconds: 60, asset: n.token, extra };
  headers.push({ version: 1, network, header: await createPaymentHeader(account, 1, v1) });
  const client = new x402Client();
  registerExactEvmScheme(client, { signer: account });
  client.setSpendControls({ maxAmountPerPayment: "$1000000" });
  const required = { x402Version: 2, error: "payment required", resource: { url: v1.resource, description: v1.description, mimeType: v1.mimeType },
    accepts: [{ scheme: "exact", network: n.caip2, amount: "50000000", asset: n.token, payTo, maxTimeoutSeconds: 60, extra }] };
  const http = new x402HTTPClient(client);
  const made = http.encodePaymentSignatureHeader(await client.createPaymentPayload(required));
  headers.push({ version: 2, network, header: made["PAYMENT-SIGNATURE"] });
}
console.log(JSON.stringify({ made: "by vectors.mjs in testdata/clients", payTo, signed, headers }, null, 1));

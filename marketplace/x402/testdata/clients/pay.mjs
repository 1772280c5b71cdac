// Asks, and pays what is asked for: node pay.mjs PROTOCOL. Requests are lines of JSON on
// standard input (the payer's key, method, url, headers, body), answers lines on standard
// output (status, body, and what the client makes of the settlement).
import { createInterface } from "node:readline";
import { privateKeyToAccount } from "viem/accounts";

const protocol = process.argv[2];

async function payingFetch(account) {
  if (protocol === "1") {
    const { wrapFetchWithPayment, decodeXPaymentResponse } = await import("x402-fetch");
    const settled = (headers) => headers.get("X-PAYMENT-RESPONSE") && decodeXPaymentResponse(headers.get("X-PAYMENT-RESPONSE"));
    return { paying: wrapFetchWithPayment(fetch, account, 10n ** 12n), settled };
  }
  const { wrapFetchWithPayment, x402Client, x402HTTPClient } = await import("@x402/fetch");
  const { registerExactEvmScheme } = await import("@x402/evm/exact/client");
  const client = new x402Client();
  registerExactEvmScheme(client, { signer: account });
  client.setSpendControls({ maxAmountPerPayment: "$1000000" });
  const http = new x402HTTPClient(client);
  const settled = (headers) => headers.get("PAYMENT-RESPONSE") && http.getPaymentSettleResponse((name) => headers.get(name));
  return { paying: wrapFetchWithPayment(fetch, client), settled };
}

for await (const line of createInterface({ input: process.stdin })) {
  const { key, url, ...init } = JSON.parse(line);
  let answer;
  try {
    const { paying, settled } = await payingFetch(privateKeyToAccount(key));
    const response = await paying(url, init);
    answer = { status: response.status, body: await response.text(), settled: settled(response.headers) || undefined };
  } catch (error) {
    answer = { status: 0, body: String(error) };
  }
  console.log(JSON.stringify(answer));
}

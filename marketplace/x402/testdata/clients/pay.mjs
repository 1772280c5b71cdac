// Asks as one agent, and pays what is asked for: node pay.mjs PROTOCOL KEY. Requests are
// lines of JSON on standard input (method, url, headers, body), answers lines on standard
// output (status, body, and what the client makes of the settlement).
import { createInterface } from "node:readline";
import { privateKeyToAccount } from "viem/accounts";

const [protocol, key] = process.argv.slice(2);
const account = privateKeyToAccount(key);

async function payingFetch() {
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

const { paying, settled } = await payingFetch();
for await (const line of createInterface({ input: process.stdin })) {
  const { url, ...init } = JSON.parse(line);
  let answer;
  try {
    const response = await paying(url, init);
    answer = { status: response.status, body: await response.text(), settled: settled(response.headers) || undefined };
  } catch (error) {
    answer = { status: 0, body: String(error) };
  }
  console.log(JSON.stringify(answer));
}

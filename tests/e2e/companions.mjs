// A companion, and the addresses that it prints: each works once.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
export const program = process.env.LOOPSCOPE_PROGRAM ?? `${process.env.CARGO_TARGET_DIR ?? `${root}target`}/debug/loopscope`;

/** The token, as a page gets it for the code in an address. */
async function exchange(address) {
  const [place, code] = address.split("#c=");
  const answer = await fetch(`${place}api/token`, {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ code }),
  });
  return (await answer.json()).token;
}

/**
 * A running companion: where it is, its token, an address that nobody has opened yet, and its end.
 * The one that was printed first is used up for the token.
 */
export async function start({ args = [], env = {} } = {}) {
  const child = spawn(program, ["serve", ...args], { stdio: ["ignore", "pipe", "ignore"], env: { ...process.env, ...env } });
  const ended = new Promise((done) => child.once("exit", done));
  const failed = new Promise((_, fail) => child.once("error", fail));
  const printed = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await Promise.race([printed.next(), failed]);
    if (done) throw new Error(`${program} ended with ${await ended}`);
    return value;
  };
  // A companion that ends prints no more.
  const upcoming = () => {
    const line = next();
    line.catch(() => {});
    return line;
  };
  const first = await next();
  const token = await exchange(first);
  // The one that is valid; it is printed once, and stays valid until a page uses it.
  let current = upcoming();
  const address = () => current;
  /** For a page that opens it: the next one is printed then. */
  const take = async () => {
    const taken = await current;
    current = upcoming();
    return taken;
  };
  const end = (signal = "SIGINT") => {
    child.kill(signal);
    return ended;
  };
  return { place: first.split("#")[0], first, token, address, take, end };
}

// Starts companions and reads the addresses that they print. Each address works once.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
export const program = process.env.LOOPSCOPE_PROGRAM ?? `${process.env.CARGO_TARGET_DIR ?? `${root}target`}/debug/loopscope`;

/** Exchanges the code in an address for the token, as a page does. */
async function exchange(address) {
  const [place, code] = address.split("#c=");
  const answer = await fetch(`${place}api/token`, {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ code }),
  });
  return (await answer.json()).token;
}

/**
 * A running companion: its place, its token, a function for the next unused address, and one that
 * ends it. The first printed address is used up for the token.
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
  // A companion that ends prints no more lines, which is no error.
  const upcoming = () => {
    const line = next();
    line.catch(() => {});
    return line;
  };
  const first = await next();
  const token = await exchange(first);
  // The valid address. It is printed once and valid until a page uses it.
  let current = upcoming();
  const address = () => current;
  /** Takes the address for a page that opens it; the companion then prints the next one. */
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

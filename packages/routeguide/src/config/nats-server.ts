import { Expected, type Parse } from "./setting.js";

const SERVER = /^(nats|tls):\/\/([^/@]+@)?([\w.-]+|\[[0-9a-fA-F:.]+\])(:\d{1,5})?\/?$/;
const EXPECTED = new Expected(
  "nats://HOST:4222 or tls://HOST:4222, with USER:PASSWORD@ or TOKEN@ before the host if needed",
);

/** Servers of one cluster: a list, or a text with commas. */
export const natsServers: Parse<readonly string[]> = (value) => {
  const values = Array.isArray(value) ? value : [value];
  if (!values.every((one) => typeof one === "string")) return EXPECTED;
  const servers = values.flatMap((one) => one.split(","));
  return servers.every((server) => SERVER.test(server) && URL.canParse(server)) ? Object.freeze(servers) : EXPECTED;
};

/** What NATS takes for the name of a stream, and for a part of a subject. */
export const streamName: Parse<string> = (value) =>
  typeof value === "string" && /^[\w-]{1,64}$/.test(value) ? value : new Expected("up to 64 letters, digits, - and _");

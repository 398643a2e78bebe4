/** What options that servers and clients have alike may be. */
import { A_FUNCTION, AN_OBJECT, type Expected, either, listOf, withMethods } from "../options.js";

export const INTERCEPTORS: Expected = listOf(A_FUNCTION, "functions");
export const OBSERVERS: Expected = either(AN_OBJECT, listOf(AN_OBJECT, "observers"));
export const COMPRESSION: Expected = named("a compression, such as gzip", "compress", "decompress");
export const CODEC: Expected = named("a codec, such as what jsonFormat() gives", "encode", "decode");

function named(what: string, ...methods: string[]): Expected {
  const { is } = withMethods(what, ...methods);
  return { what, is: (value) => is(value) && typeof (value as { readonly name?: unknown }).name === "string" };
}

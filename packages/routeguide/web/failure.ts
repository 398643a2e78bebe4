import { Code, codeName, RpcError } from "@routeguide/grpc";

/** What a call ended with as one sentence: what did not work, the code, and what the server says of it. */
export function sentenceOf(what: string, error: unknown): string {
  const { code, rawMessage } = RpcError.from(error);
  const reason = rawMessage.replace(/\.?\s*$/, "");
  return `${what}: ${codeName(code)}${reason === "" ? "" : `, ${reason}`}.`;
}

/** Whether a call ended because this page wanted it to. */
export const isCancelled = (error: unknown): boolean => RpcError.from(error).code === Code.Canceled;

/** Whether nobody answered, or not to the end: whether the call has had an effect is not known. */
export const isLost = (error: unknown): boolean => {
  const { code } = RpcError.from(error);
  return code === Code.Unavailable || code === Code.DeadlineExceeded;
};

/** Whether the same call will fail in the same way however often it is made. */
export const isFinal = (error: unknown): boolean => {
  const { code } = RpcError.from(error);
  return code === Code.InvalidArgument || code === Code.Unimplemented || code === Code.PermissionDenied;
};

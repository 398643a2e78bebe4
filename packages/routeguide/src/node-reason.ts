import { getSystemErrorMap } from "node:util";

/** Why something failed, for a sentence: "no such file or directory" instead of "ENOENT: ..., open '/x'". */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, errno, syscall } = error as NodeJS.ErrnoException;
  // What Node says of it, "illegal operation on a directory", is for programmers.
  if (code === "EISDIR") return "it is a folder";
  // zlib's errors have numbers, too, and they mean other things.
  const known = errno === undefined || syscall === undefined ? undefined : getSystemErrorMap().get(errno);
  return known?.[1] ?? error.message;
}

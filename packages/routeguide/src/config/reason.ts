import { getSystemErrorMap } from "node:util";

/** Why something failed, for a sentence: "no such file or directory" instead of "ENOENT: ..., open '/x'". */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { errno } = error as NodeJS.ErrnoException;
  const known = errno === undefined ? undefined : getSystemErrorMap().get(errno);
  return known?.[1] ?? error.message;
}

/** What the system said to a file operation, as a sentence: a full disk, a folder of somebody else. Undefined for other errors. */
export function refusal(error: unknown): string | undefined {
  if (!(error instanceof Error && "syscall" in error && "path" in error)) return undefined;
  // Node's own text names what was tried, and the path: "EACCES: permission denied, mkdir '/home/ann/my-routeguide/.lab'".
  return `The lab cannot use a file or folder here. ${error.message}`;
}

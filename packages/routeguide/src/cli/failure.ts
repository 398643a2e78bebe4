/** The command line is wrong. The message is a line, or a few that say what is right. Exit code 64 (EX_USAGE of sysexits.h). */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What was asked for cannot be done: a taken port, an unreadable file, a bad row. The message is one line. Exit code 1. */
export class Failure extends Error {
  override readonly name = "Failure";
}

/** Whoever read our output has gone (`| head`): nothing to complain about. Exit code 0. */
export class ReaderGone extends Error {
  override readonly name = "ReaderGone";
}

/** The user, or whatever runs this process, wants it to end. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  /** 128 and the signal's number, as shells report it. */
  readonly exitCode: number;

  constructor(signal: "SIGINT" | "SIGTERM") {
    super(signal);
    this.exitCode = signal === "SIGINT" ? 130 : 143;
  }
}

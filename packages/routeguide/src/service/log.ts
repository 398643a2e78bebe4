/** Where a server writes what it has to say: pino's loggers fit. */
export interface Log {
  /** The least severe level that is written. */
  level: string;
  isLevelEnabled(level: "debug"): boolean;
  error(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  info(fields: object, message: string): void;
  debug(fields: object, message: string): void;
}

export const NO_LOG: Log = {
  level: "silent",
  isLevelEnabled: () => false,
  error() {},
  warn() {},
  info() {},
  debug() {},
};

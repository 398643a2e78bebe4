import { join } from "node:path";
import {
  LISTEN_FORMS,
  type ListenAddress,
  PORTS,
  parseListen,
  parseTarget,
  TARGET_FORMS,
  type Target,
} from "./address.js";
import { dataFolder } from "./data-folder.js";
import { natsServers, streamName } from "./nats-server.js";
import { type Origins, origins } from "./origins.js";
import {
  Expected,
  integer,
  number,
  oneOf,
  onOrOff,
  optionalPath,
  path,
  paths,
  readBy,
  type Setting,
} from "./setting.js";

export const LOG_LEVELS = ["silent", "error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const LOG_FORMATS = ["auto", "text", "json"] as const;

const ENGINES = ["own", "node"] as const;

const PROTOCOLS = ["grpc", "grpc-web", "connect"] as const;

const OUTPUT_FORMATS = ["table", "json", "ndjson", "geojson"] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];
const OUTPUT_CHOICES = ["auto", ...OUTPUT_FORMATS] as const;

/** Where notes are kept: in memory until the server ends, or in a folder. */
export type NotesPlace = "memory" | { readonly folder: string };

/** Everything that can be set, from whatever source. Frozen. */
export interface Config {
  /** Where the server listens. Default 127.0.0.1:50051. */
  readonly listen: ListenAddress;
  /** The path of a Unix socket to listen on as well, without TLS. Default none. */
  readonly uds: string | undefined;
  /** Absolute paths of files with features. Default none: the places that ship with routeguide. */
  readonly places: readonly string[];
  /** Default: the folder `notes` among the user's data of routeguide. Means nothing where `nats` is given. */
  readonly notes: NotesPlace;
  /** Servers of one NATS cluster that keep the notes instead, for all RouteGuide servers that name it. Default none. */
  readonly nats: readonly string[];
  /** The stream of the notes there, and the first part of its subjects. Default routeguide. */
  readonly natsStream: string;
  /** How many servers of the NATS cluster keep each note. Default 1. */
  readonly natsReplicas: number;
  /** How long a post may wait while NATS does not take it. Default 10. */
  readonly natsTimeoutSeconds: number;
  /** A file of credentials for NATS. Default none. */
  readonly natsCreds: string | undefined;
  /** PEM file of who signs the certificates of NATS. Default none: those whom Node trusts. */
  readonly natsCa: string | undefined;
  /** How many notes are kept at one point; the oldest go first. Default 64. */
  readonly notesPerPoint: number;
  /** How many notes are kept in all; the oldest go first. Default 1,048,576. */
  readonly maxNotes: number;
  /** How many bytes all notes may take; the oldest go first. Default 64 MiB. */
  readonly maxTotalNoteBytes: number;
  /** The longest message of a note, in bytes of UTF-8. Default 4096. */
  readonly maxNoteBytes: number;
  /** The longest message that a call may receive, in bytes. Default 4 MiB. */
  readonly maxMessageBytes: number;
  /** How many connections the server may have; more are closed at once. Default 10,000. */
  readonly maxConnections: number;
  /** How many calls one connection may have open at a time. Default 1000. */
  readonly maxConcurrentStreams: number;
  /** How long a client may take nothing of what waits for it; then its stream, or its connection, is ended. Default 300. */
  readonly stallSeconds: number;
  /** How long calls may still run once the server is told to stop. Default 10. */
  readonly drainSeconds: number;
  /** How long the server still takes calls after it was told to stop and has told its probes. Default 0. */
  readonly lameDuckSeconds: number;
  /** Whether tools may ask what is served. Default true. */
  readonly reflection: boolean;
  /** Whether browsers are shown a live map. Default true. */
  readonly map: boolean;
  /** Where metrics, probes and the log's level are served over HTTP. Default none: nowhere. */
  readonly admin: ListenAddress | undefined;
  /** Whether the admin port may be reached from other machines. Default false. */
  readonly adminPublic: boolean;
  /** Least severe entries that are logged. Default info. */
  readonly logLevel: LogLevel;
  /** How entries are written. Default "auto": text on a terminal, JSON anywhere else. */
  readonly logFormat: (typeof LOG_FORMATS)[number];
  /** Whether each call is logged when it has ended. Default false. */
  readonly accessLog: boolean;
  /** Calls of one request that take so many milliseconds are logged as slow. Default 0: none. */
  readonly slowCallMs: number;
  /** Whether the server starts anew when its program, its configuration or its places change. Default false. */
  readonly watch: boolean;
  /** Who speaks HTTP/2: the engine of @routeguide/grpc, or Node's. Default own. */
  readonly engine: (typeof ENGINES)[number];
  /** Web pages of other origins that may call. Default none. */
  readonly allowOrigin: Origins;
  /** PEM file of the server's certificate. Default none: cleartext. It is read again when it changes, and so are the other two. */
  readonly tlsCert: string | undefined;
  /** PEM file of that certificate's key. */
  readonly tlsKey: string | undefined;
  /** PEM file of who signs clients' certificates. Default none: clients need no certificate. */
  readonly tlsClientCa: string | undefined;
  /** Where a client finds the server. Default http://127.0.0.1:50051. */
  readonly address: Target;
  /** PEM file of who signs the server's certificate, for https. Default none: those whom Node trusts. */
  readonly ca: string | undefined;
  /** PEM file of the certificate that a client shows. Default none. */
  readonly cert: string | undefined;
  /** PEM file of that certificate's key. */
  readonly key: string | undefined;
  /** What a client's calls speak. Default grpc. */
  readonly protocol: (typeof PROTOCOLS)[number];
  /** How long a client's call may take. Default 0: no limit. */
  readonly timeoutSeconds: number;
  /** How results are written. Default "auto": a table, or NDJSON in a chat that is not on a terminal. */
  readonly output: OutputFormat | "auto";
}

const none = () => "";

/** What each setting takes. The order is the help's. */
export const SETTINGS: { readonly [K in keyof Config]: Setting<Config[K]> } = {
  listen: {
    placeholder: "ADDRESS",
    help: `where to listen: ${LISTEN_FORMS}; port 0 takes a free one`,
    parse: readBy(parseListen, `${LISTEN_FORMS}, ${PORTS}`),
    initial: "127.0.0.1:50051",
  },
  uds: {
    placeholder: "PATH",
    help: "listen on this Unix socket as well, without TLS",
    parse: optionalPath,
    initial: none,
  },
  places: {
    placeholder: "FILE",
    help: "features to serve instead of the places that ship with it: JSON, GeoJSON, CSV or TSV; may be repeated",
    parse: paths,
    initial: [],
    isList: true,
  },
  notes: {
    placeholder: "memory|FOLDER",
    help: "where notes are kept (default: a folder in your user data, named at start)",
    initial: (machine) => join(dataFolder(machine), "notes"),
    parse(value, folder) {
      if (value === "memory") return "memory";
      const parsed = path(value, folder);
      return parsed instanceof Expected ? new Expected("memory or the path of a folder") : { folder: parsed };
    },
  },
  nats: {
    placeholder: "URL",
    help: "share notes with other servers through NATS JetStream: nats://HOST:4222, several with commas between them",
    parse: natsServers,
    initial: [],
    isList: true,
    separator: ",",
  },
  natsStream: {
    placeholder: "NAME",
    help: "the stream of the notes in NATS, made if there is none",
    parse: streamName,
    initial: "routeguide",
  },
  natsReplicas: {
    placeholder: "N",
    help: "how many servers of the NATS cluster keep each note",
    parse: integer(1, 5),
    initial: "1",
  },
  natsTimeoutSeconds: {
    placeholder: "SECONDS",
    // NATS knows for 120 s which notes it has: what is sent again after that would be there twice.
    help: "how long a post may wait while NATS does not take it",
    parse: number(1, 60, "seconds"),
    initial: "10",
  },
  natsCreds: {
    placeholder: "FILE",
    help: "show NATS these credentials",
    parse: optionalPath,
    initial: none,
  },
  natsCa: {
    placeholder: "FILE",
    help: "trust a NATS whose certificate this one signed (PEM)",
    parse: optionalPath,
    initial: none,
  },
  notesPerPoint: {
    placeholder: "N",
    help: "how many notes to keep at one point; the oldest go first",
    parse: integer(1, 100_000),
    initial: "64",
  },
  maxNotes: {
    placeholder: "N",
    help: "how many notes to keep in all; the oldest go first",
    parse: integer(1, 33_554_432),
    initial: "1048576",
  },
  maxTotalNoteBytes: {
    placeholder: "BYTES",
    help: "how many bytes all notes may take; the oldest go first",
    parse: integer(2_097_152, 134_217_728, "bytes"),
    initial: "67108864",
  },
  maxNoteBytes: {
    placeholder: "BYTES",
    help: "the longest message of a note",
    parse: integer(1, 1_048_576, "bytes"),
    initial: "4096",
  },
  maxMessageBytes: {
    placeholder: "BYTES",
    help: "the longest message that a call may receive",
    parse: integer(1024, 1_073_741_824, "bytes"),
    initial: "4194304",
  },
  maxConnections: {
    placeholder: "N",
    help: "how many connections to have at a time; more are closed at once",
    parse: integer(1, 10_000_000),
    initial: "10000",
  },
  maxConcurrentStreams: {
    placeholder: "N",
    help: "how many calls one connection may have open at a time",
    parse: integer(1, 1_000_000),
    initial: "1000",
  },
  stallSeconds: {
    placeholder: "SECONDS",
    // Longer than the runtime's own 20 s: people read `routeguide list | less` slowly, and what waits for a stream is bounded.
    help: "how long a client may take nothing of what waits for it before it is cut off",
    parse: number(1, 86_400, "seconds"),
    initial: "300",
  },
  drainSeconds: {
    placeholder: "SECONDS",
    help: "how long calls may still run once the server is told to stop",
    parse: number(0, 3600, "seconds"),
    initial: "10",
  },
  lameDuckSeconds: {
    placeholder: "SECONDS",
    help: "how long to go on taking calls after probes were told that the server stops",
    parse: number(0, 3600, "seconds"),
    initial: "0",
  },
  reflection: {
    help: "do not tell tools such as grpcurl what is served",
    parse: onOrOff,
    initial: "true",
  },
  map: {
    help: "do not show browsers the live map",
    parse: onOrOff,
    initial: "true",
  },
  admin: {
    placeholder: "ADDRESS",
    help: "serve /metrics, /livez, /readyz and /log-level over HTTP there, such as 127.0.0.1:9464",
    parse: (value, folder) => (value === "" ? undefined : SETTINGS.listen.parse(value, folder)),
    initial: none,
  },
  adminPublic: {
    help: "let other machines reach the admin port",
    parse: onOrOff,
    initial: "false",
  },
  logLevel: {
    placeholder: "LEVEL",
    help: `least severe entries to log: ${LOG_LEVELS.join(", ")}`,
    parse: oneOf(LOG_LEVELS),
    initial: "info",
  },
  logFormat: {
    placeholder: "FORMAT",
    help: `how to write the log: ${LOG_FORMATS.join(", ")}; auto is text on a terminal and JSON anywhere else`,
    parse: oneOf(LOG_FORMATS),
    initial: "auto",
  },
  accessLog: {
    help: "log each call when it has ended",
    parse: onOrOff,
    initial: "false",
  },
  slowCallMs: {
    placeholder: "MILLISECONDS",
    help: "log calls of one request that take this long or longer; 0 logs none",
    parse: number(0, 3_600_000, "milliseconds"),
    initial: "0",
  },
  watch: {
    help: "start anew when the program, its configuration or its places change, and refuse no connection meanwhile",
    parse: onOrOff,
    initial: "false",
  },
  engine: {
    placeholder: "own|node",
    help: "who speaks HTTP/2: routeguide's own engine, or Node's",
    parse: oneOf(ENGINES),
    initial: "own",
  },
  allowOrigin: {
    placeholder: "ORIGIN",
    help: "let web pages of this origin call, such as https://app.example.com, or of any: *; may be repeated",
    parse: origins,
    initial: [],
    isList: true,
    separator: ",",
  },
  tlsCert: {
    placeholder: "FILE",
    help: "speak TLS with this certificate (PEM)",
    parse: optionalPath,
    initial: none,
  },
  tlsKey: {
    placeholder: "FILE",
    help: "the key of that certificate (PEM)",
    parse: optionalPath,
    initial: none,
  },
  tlsClientCa: {
    placeholder: "FILE",
    help: "take only clients with a certificate that this one signed (PEM)",
    parse: optionalPath,
    initial: none,
  },
  address: {
    placeholder: "ADDRESS",
    help: `the server: ${TARGET_FORMS}`,
    parse: readBy(parseTarget, `${TARGET_FORMS}, ${PORTS}`),
    initial: "127.0.0.1:50051",
  },
  ca: {
    placeholder: "FILE",
    help: "trust a server whose certificate this one signed (PEM)",
    parse: optionalPath,
    initial: none,
  },
  cert: {
    placeholder: "FILE",
    help: "show the server this certificate (PEM)",
    parse: optionalPath,
    initial: none,
  },
  key: {
    placeholder: "FILE",
    help: "the key of that certificate (PEM)",
    parse: optionalPath,
    initial: none,
  },
  protocol: {
    placeholder: "PROTOCOL",
    help: `what to speak: ${PROTOCOLS.join(", ")}`,
    parse: oneOf(PROTOCOLS),
    initial: "grpc",
  },
  timeoutSeconds: {
    placeholder: "SECONDS",
    help: "give up on a call that takes longer; 0 waits as long as it takes",
    parse: number(0, 86_400, "seconds"),
    initial: "0",
  },
  output: {
    placeholder: "FORMAT",
    help: `how to write results: ${OUTPUT_FORMATS.join(", ")}; auto is a table, and NDJSON for a chat in a pipe`,
    parse: oneOf(OUTPUT_CHOICES),
    initial: "auto",
  },
};

export const SETTING_NAMES = Object.keys(SETTINGS) as readonly (keyof Config)[];

/** timeoutSeconds is the flag --timeout: its placeholder names the unit already. */
const SHORT_FLAGS: Partial<Record<keyof Config, string>> = { timeoutSeconds: "--timeout" };

/** maxNotes is the flag --max-notes. */
export function flagOf(name: keyof Config): string {
  return SHORT_FLAGS[name] ?? `--${dashed(name, "-").toLowerCase()}`;
}

/** maxNotes is the variable ROUTEGUIDE_MAX_NOTES. */
export function variableOf(name: keyof Config): string {
  return `ROUTEGUIDE_${dashed(name, "_").toUpperCase()}`;
}

const dashed = (name: string, dash: string) => name.replace(/[A-Z]/g, (letter) => `${dash}${letter}`);

import type { FrameHandler } from "./frame-reader.js";
import { HeaderBlocks } from "./header-blocks.js";
import type { Limits } from "./limits.js";
import type { Role } from "./role.js";
import type { Sender } from "./sender.js";
import { PeerSettings } from "./settings.js";
import type { H2Stream } from "./stream.js";
import type { Streams } from "./streams.js";
import { Violation } from "./violation.js";
import { fits } from "./window.js";
import { Flag, FrameType, readUint31, readUint32 } from "./wire.js";

/** What the frames mean for the connection as a whole. */
export interface IncomingEvents {
  fail(violation: Violation): void;
  /** A PING was answered; the first four of its bytes. */
  ponged(data: number): void;
}

/** Takes in frames and hands each to whom it concerns. */
export class Incoming implements FrameHandler {
  /** SETTINGS have come: what RFC 9113, section 3.4, wants first. */
  hasSettings = false;
  readonly #limits: Limits;
  readonly #sender: Sender;
  readonly #streams: Streams;
  readonly #role: Role;
  readonly #events: IncomingEvents;
  readonly #settings = new PeerSettings();
  readonly #blocks: HeaderBlocks;
  #unacknowledged = 1;
  // The DATA frame that is being read.
  #dataStream: H2Stream | undefined = undefined;
  #dataEnds = false;
  /** Bytes of it that are still to come, padding too. */
  #dataLeft = 0;

  constructor(limits: Limits, sender: Sender, streams: Streams, role: Role, events: IncomingEvents) {
    this.#limits = limits;
    this.#sender = sender;
    this.#streams = streams;
    this.#role = role;
    this.#events = events;
    this.#blocks = new HeaderBlocks(limits, (id, end, block, bad) => role.block(id, end, block, bad));
  }

  broken(violation: Violation): void {
    this.#events.fail(violation);
  }

  data(id: number, flags: number, length: number, padding: number): void {
    this.#dataStream = undefined;
    const violation = this.#data(id, flags, length, padding);
    if (violation !== undefined) this.#events.fail(violation);
  }

  #data(id: number, flags: number, length: number, padding: number): Violation | undefined {
    if (!this.hasSettings) return Violation.FirstFrame;
    if (this.#blocks.openStream !== 0) return Violation.Continuation;
    if (id === 0) return Violation.FrameStream;
    if (!this.#streams.spend(length)) return Violation.WindowExceeded;
    const stream = this.#streams.get(id);
    if (stream === undefined) {
      // What nobody will read is given back, or else the connection starves (RFC 9113, section 5.1).
      this.#streams.giveBack(length);
      if (this.#role.isIdle(id)) return Violation.IdleStream;
      if (!this.#streams.closed.wasReset(id)) this.#streams.refuseId(id, Violation.ClosedStream);
      return undefined;
    }
    const payload = length - padding;
    const ends = (flags & Flag.EndStream) !== 0;
    const bad = this.#streams.dataBegins(stream, length, padding);
    if (bad !== undefined) {
      this.#streams.refuse(stream, bad);
      return undefined;
    }
    this.#dataStream = stream;
    this.#dataEnds = ends;
    this.#dataLeft = length;
    return ends ? undefined : this.#streams.floods.data(payload);
  }

  piece(bytes: Uint8Array, start: number, end: number): void {
    const stream = this.#dataStream;
    this.#dataLeft -= end - start;
    if (stream === undefined || stream.closed) return;
    this.#streams.data(stream, bytes, start, end, this.#dataEnds && this.#dataLeft === 0);
  }

  dataEnd(): void {
    const stream = this.#dataStream;
    if (stream !== undefined && this.#dataEnds && !stream.closed) this.#streams.receivingEnded(stream, NO_FIELDS);
  }

  frame(type: number, flags: number, stream: number, bytes: Uint8Array, start: number, end: number): void {
    const violation = this.#frame(type, flags, stream, bytes, start, end);
    if (violation !== undefined) this.#events.fail(violation);
  }

  #frame(
    type: number,
    flags: number,
    stream: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): Violation | undefined {
    if (!this.hasSettings && (type !== FrameType.Settings || (flags & Flag.Ack) !== 0)) return Violation.FirstFrame;
    if (this.#blocks.openStream !== 0 && type !== FrameType.Continuation) return Violation.Continuation;
    switch (type) {
      case FrameType.Headers:
        if (stream === 0) return Violation.FrameStream;
        return this.#blocks.headers(flags, stream, bytes, start, end);
      case FrameType.Continuation:
        return this.#blocks.continuation(flags, stream, bytes, start, end);
      case FrameType.WindowUpdate:
        return this.#windowUpdate(stream, bytes, start, end);
      case FrameType.RstStream:
        return this.#resetStream(stream, bytes, start, end);
      case FrameType.Settings:
        return this.#takeSettings(flags, stream, bytes, start, end);
      case FrameType.Ping:
        return this.#ping(flags, stream, bytes, start, end);
      case FrameType.Priority:
        return checkPriority(stream, bytes, start, end);
      case FrameType.GoAway:
        if (stream !== 0) return Violation.FrameStream;
        if (end - start < 8) return Violation.FrameSize;
        this.#role.goAway(readUint31(bytes, start));
        return undefined;
      case FrameType.PushPromise:
        return Violation.Push;
      default:
        return undefined;
    }
  }

  #windowUpdate(id: number, bytes: Uint8Array, start: number, end: number): Violation | undefined {
    if (end - start !== 4) return Violation.FrameSize;
    const increment = readUint31(bytes, start);
    if (id === 0) {
      if (increment === 0) return Violation.WindowIncrement;
      return this.#sender.widen(increment) ? undefined : Violation.WindowOverflow;
    }
    const stream = this.#streams.get(id);
    if (stream === undefined) {
      if (this.#role.isIdle(id)) return Violation.IdleStream;
      // No state makes it right, not even that of a stream which is gone.
      if (increment === 0) this.#streams.refuseId(id, Violation.WindowIncrement);
    } else if (increment === 0) {
      this.#streams.refuse(stream, Violation.WindowIncrement);
    } else if (!fits(stream.sendWindow, increment)) {
      this.#streams.refuse(stream, Violation.WindowOverflow);
    } else {
      stream.sendWindow += increment;
      this.#sender.resume(stream);
    }
    return undefined;
  }

  #resetStream(id: number, bytes: Uint8Array, start: number, end: number): Violation | undefined {
    if (id === 0) return Violation.FrameStream;
    if (end - start !== 4) return Violation.FrameSize;
    if (this.#role.isIdle(id)) return Violation.IdleStream;
    const stream = this.#streams.get(id);
    if (stream !== undefined) this.#streams.close(stream, readUint32(bytes, start));
    else this.#streams.closed.resetByPeer(id);
    return this.#role.isServer ? this.#streams.floods.peerReset(this.#streams.now) : undefined;
  }

  #takeSettings(flags: number, id: number, bytes: Uint8Array, start: number, end: number): Violation | undefined {
    if (id !== 0) return Violation.FrameStream;
    if ((flags & Flag.Ack) !== 0) {
      if (start !== end) return Violation.FrameSize;
      return --this.#unacknowledged < 0 ? Violation.SettingsAck : undefined;
    }
    const violation =
      this.#streams.floods.settings(this.#streams.now) ??
      this.#settings.apply(bytes, start, end, this.#limits.maxSettings, !this.#role.isServer);
    if (violation !== undefined) return violation;
    this.hasSettings = true;
    if (!this.#streams.setInitialWindow(this.#settings.initialWindow)) return Violation.SettingsWindow;
    this.#streams.maxHeaderListBytes = this.#settings.maxHeaderListBytes;
    this.#sender.follow(this.#settings);
    this.#sender.settingsAck();
    this.#role.settings(this.#settings);
    return undefined;
  }

  #ping(flags: number, id: number, bytes: Uint8Array, start: number, end: number): Violation | undefined {
    if (id !== 0) return Violation.FrameStream;
    if (end - start !== 8) return Violation.FrameSize;
    if ((flags & Flag.Ack) !== 0) {
      this.#events.ponged(readUint32(bytes, start));
      return undefined;
    }
    const flood = this.#streams.floods.ping(this.#streams.now, this.#streams.size === 0, this.#sender.hasSentContent);
    this.#sender.hasSentContent = false;
    if (flood === undefined) this.#sender.pingAck(bytes, start);
    return flood;
  }
}

/** Priorities are not followed (RFC 9113, section 5.3.2), but must be well formed. */
function checkPriority(id: number, bytes: Uint8Array, start: number, end: number): Violation | undefined {
  if (id === 0) return Violation.FrameStream;
  if (end - start !== 5) return Violation.FrameSize;
  return readUint31(bytes, start) === id ? Violation.SelfDependency : undefined;
}

const NO_FIELDS: readonly string[] = [];

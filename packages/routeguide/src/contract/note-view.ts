import { Invalid } from "../geo/invalid.js";
import { checkPoint } from "../geo/point.js";
import { mergePoint } from "./point-decoder.js";
import { isUtf8 } from "./utf8.js";
import { WireReader, WireType } from "./wire-reader.js";

const LOCATION_TAG = (1 << 3) | WireType.Bytes;
const MESSAGE_TAG = (2 << 3) | WireType.Bytes;

const reader = new WireReader();

/** A routeguide.RouteNote where it lies: its text is a range of the bytes it was decoded from. Made once, decoded into again and again. */
export class NoteView {
  hasLocation = false;
  /** E7, not checked. */
  latitude = 0;
  longitude = 0;
  /** The text, UTF-8, is bytes[messageStart, messageEnd). */
  messageStart = 0;
  messageEnd = 0;

  /**
   * Decodes the note in bytes[start, end).
   *
   * @returns false if it is malformed, or its text is not UTF-8
   */
  decode(bytes: Uint8Array, start: number, end: number): boolean {
    this.hasLocation = false;
    this.latitude = 0;
    this.longitude = 0;
    this.messageStart = start;
    this.messageEnd = start;
    reader.open(bytes, start, end);
    while (reader.more) {
      const tag = reader.tag();
      if (tag === LOCATION_TAG) {
        const length = reader.length();
        if (!mergePoint(bytes, reader.at, reader.at + length, this)) return false;
        this.hasLocation = true;
        reader.advance(length);
      } else if (tag === MESSAGE_TAG) {
        const length = reader.length();
        this.messageStart = reader.at;
        this.messageEnd = reader.at + length;
        if (!isUtf8(bytes, this.messageStart, this.messageEnd)) return false;
        reader.advance(length);
      } else {
        reader.skip(tag);
      }
    }
    return !reader.malformed;
  }

  /** What is wrong with the note's location, if anything is. */
  check(): Invalid | undefined {
    if (!this.hasLocation) return new Invalid("location", "absent", "the point at which to leave the note");
    return checkPoint(this.latitude, this.longitude, "location.");
  }
}

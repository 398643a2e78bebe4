/**
 * The latitude is mixed before the longitude joins it: a sum of two products would send whole lattices of points, as gridded data are,
 * to the same hash. The steps are MurmurHash3's finalizer (public domain).
 */
export function hashOf(latitude: number, longitude: number): number {
  let hash = Math.imul(latitude, 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13) ^ longitude, 0xc2b2_ae35);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  return hash ^ (hash >>> 13);
}

/** Two of a word's 32 bits. The upper bits of the hash choose them, the lower ones the word. */
export const filterBits = (hash: number): number => (1 << (hash >>> 27)) | (1 << ((hash >>> 22) & 31));
/** Mixed once more, or slots of neighbouring filter words would be neighbours. */
export const slotHash = (hash: number): number => Math.imul(hash, 0x9e37_79b1) >>> 5;

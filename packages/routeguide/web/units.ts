/** Figures as people read them. */

/** 1 point, 1,200 points */
export const formatCount = (count: number, what: string): string =>
  `${count.toLocaleString("en")} ${what}${count === 1 ? "" : "s"}`;

/** 950 m, 9.53 km, 61.2 km, 5,570 km */
export function formatMetres(metres: number): string {
  if (metres < 1_000) return `${metres} m`;
  const kilometres = metres / 1_000;
  const decimals = kilometres < 10 ? 2 : kilometres < 100 ? 1 : 0;
  return `${kilometres.toLocaleString("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals })} km`;
}

/** 8 s, 2 min 5 s, 1 h 2 min */
export function formatSeconds(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}

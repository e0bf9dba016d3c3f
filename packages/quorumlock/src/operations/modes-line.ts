import { clash, type Mode } from "./mode.ts";

/** See `modes_that_can_go` in modes-line.lua. */
export function modesThatCanGo(isFree: (mode: Mode) => boolean): (mode: Mode) => boolean {
  const going: Mode[] = [];
  return (mode) => {
    if (going.some((other) => clash(other, mode)) || !isFree(mode)) return false;
    going.push(mode);
    return true;
  };
}

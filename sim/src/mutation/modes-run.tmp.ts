import { modesBugs } from "./bugs/modes.ts";
import { catchBug } from "./catch-bug.ts";
import { LibraryCopy } from "./library-copy.ts";
const copy = new LibraryCopy();
const words = process.argv.slice(2);
try {
  for (const bug of modesBugs.filter(
    ({ name, caughtBy }) =>
      words.length === 0 ||
      words.some((w) =>
        w === "tests" ? "tests" in caughtBy : w === "sim" ? !("tests" in caughtBy) : name.includes(w),
      ),
  )) {
    const at = performance.now();
    const remove = copy.plant(bug);
    const { isCaught, how } = await catchBug(copy.root, bug);
    remove();
    console.log(
      `${isCaught ? "caught" : "MISSED"} ${((performance.now() - at) / 1000).toFixed(0)} s  ${bug.name}: ${how}`,
    );
  }
} finally {
  copy[Symbol.dispose]();
}

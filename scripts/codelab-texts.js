// Writes what of the codelab is made from its solution: start_here/ and the code in the texts. With --check only says whether they
// are current.

import { derive, outdated } from "../packages/codelab/dist/src/text/derive.js";
import { onlyChecks } from "./command-line.js";

const isCheck = onlyChecks(
  "node scripts/codelab-texts.js",
  "Writes start_here/ and the code in the texts of the codelab",
);
const files = outdated();
if (files.length === 0) {
  console.log("codelab: current");
} else if (isCheck) {
  console.error(`codelab: not what completed/ gives: ${files.join(", ")}: run node scripts/codelab-texts.js`);
  process.exitCode = 1;
} else {
  derive();
  console.log(`codelab: ${files.length} files written`);
}

import { writeFileSync } from "node:fs";
import { bundledLicenses, bundledPackages } from "./package-contents.ts";

/** Puts the licences of all that is in the npm package's one file beside it. npm runs this before it packs (prepack). */
const file = "dist/third-party-licenses.txt";
writeFileSync(file, bundledLicenses(await bundledPackages()));
console.log(file);

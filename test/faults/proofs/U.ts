import type { RowProof } from "./proof.ts";

const supplyChain = "test/faults/supply-chain.test.ts";

export const proofs: readonly RowProof[] = [
  {
    row: "U1",
    file: "package.json",
    replace: '"devDependencies": {',
    by: '"dependencies": {},\n  "devDependencies": {',
    test: supplyChain,
    title: "nothing is installed with it: all packages are bundled",
  },
  {
    row: "U1",
    file: "package.json",
    replace: '"esbuild": true,\n',
    by: "",
    test: supplyChain,
    title: "install scripts run only for packages that are named",
  },
  {
    row: "U1",
    file: "package-lock.json",
    replace: '"node_modules/yargs": {',
    by: '"node_modules/yargs": {\n      "resolved": "https://example.com/yargs.tgz",',
    test: supplyChain,
    title: "every package of the lock file has its digest and comes from the registry",
  },
  {
    row: "U1",
    file: ".github/workflows/ci.yml",
    replace: "run: node scripts/audit.ts",
    by: "run: echo",
    test: supplyChain,
    title: "CI audits on every push, checks the registry's signatures, and installs what the lock file says",
  },
  {
    row: "U1",
    file: "scripts/audit.ts",
    replace: 'found.set(id, `${name}: ${String(cause["title"])}`);',
    by: "",
    test: supplyChain,
    title: "each known fault of a package is found, and counts until it is argued",
  },
  {
    row: "U2",
    file: "scripts/package-release.ts",
    replace: '  return createHash("sha256").update(readFileSync(file)).digest("hex");',
    by: '  return createHash("sha256").update(file).digest("hex");',
    test: supplyChain,
    title: "an archive that was changed afterwards is not the one that krew's manifest and the checksums name",
  },
  {
    row: "U2",
    file: ".github/workflows/release.yml",
    replace: "diff first.txt build/checksums.txt",
    by: "true",
    test: supplyChain,
    title: "it is built twice to the same bytes, checked, attested, and only then published",
  },
  {
    row: "U3",
    file: "scripts/build.ts",
    replace: ");process.exit(2)}`",
    by: ")}`",
    test: "test/scripts/npm-package.test.ts",
    title: "an older Node.js is told its age in words, before anything else happens",
  },
  {
    row: "U3",
    file: "scripts/build.ts",
    replace: "plugins: [...(options().plugins ?? []), requireBuiltins],",
    by: "",
    test: "test/scripts/npm-package.test.ts",
    title: "an older Node.js is told its age in words, before anything else happens",
  },
];

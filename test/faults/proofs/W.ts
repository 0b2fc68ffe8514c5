import type { RowProof } from "./proof.ts";

export const proofs: readonly RowProof[] = [
  {
    row: "W1",
    file: "src/collect/kubeconfig-files.ts",
    replace: ", USERPROFILE] : [HOME];",
    by: "] : [HOME];",
    test: "test/collect/kubeconfig.test.ts",
    title: "on Windows, the first of its home directories that has one",
    thrown: "no kubeconfig was found",
  },
  {
    row: "W2",
    file: "src/render/style.ts",
    replace: "const ascii = options.unicode === false;",
    by: "const ascii = options.unicode === false && options.color;",
    test: "test/render/golden.test.ts",
    title: "a console of ASCII gets ASCII only",
  },
  {
    row: "W3",
    file: "src/cli/write-report.ts",
    replace: ", mode: 0o600 }",
    by: " }",
    test: "test/faults/canaries.test.ts",
    title: "no file is left behind but the one asked for, which only its owner reads",
  },
  {
    row: "W3",
    file: "src/cli/write-report.ts",
    replace: 'flag: options.on.has("force") ? "w" : "wx"',
    by: 'flag: "w"',
    also: [
      {
        file: "src/cli/write-report.ts",
        replace: 'if (found !== undefined && !options.on.has("force")) throw refusal(file, "EEXIST");',
        by: "",
      },
    ],
    test: "test/faults/canaries.test.ts",
    title: "no file is left behind but the one asked for, which only its owner reads",
  },
];

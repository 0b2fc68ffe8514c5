import type { RowProof } from "./proof.ts";

export const proofs: readonly RowProof[] = [
  {
    row: "R1",
    file: "src/probe/follow.ts",
    replace: "      authorization = undefined;\n",
    by: "",
    test: "test/probe/redirects.test.ts",
    title: "whatever is redirected to another origin arrives without a login",
  },
  { row: "R2", unproven: "Not tried yet." },
  { row: "R3", unproven: "Not tried yet." },
  { row: "R4", unproven: "Not tried yet." },
  { row: "R5", unproven: "Not tried yet." },
  {
    row: "R6",
    file: "src/probe/follow.ts",
    replace: 'if (origin.scheme === "https" && target.scheme === "http")',
    by: "if (false as boolean)",
    test: "test/probe/redirects.test.ts",
    title: "from https to http nobody goes",
  },
  {
    row: "R7",
    file: "src/probe/follow.ts",
    replace: "const mostHops = 5;",
    by: "const mostHops = 50;",
    test: "test/probe/redirects.test.ts",
    title: "a loop ends after five hops",
  },
  { row: "R8", unproven: "Not tried yet." },
  { row: "R9", unproven: "Not tried yet." },
  { row: "R10", unproven: "Not tried yet." },
  { row: "R11", unproven: "Not tried yet." },
  { row: "R12", unproven: "Not tried yet." },
  { row: "R13", unproven: "Not tried yet." },
];

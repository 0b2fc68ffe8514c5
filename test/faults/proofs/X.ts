import type { RowProof } from "./proof.ts";

export const proofs: readonly RowProof[] = [
  { row: "X1", unproven: "Not tried yet." },
  { row: "X2", unproven: "Not tried yet." },
  { row: "X3", unproven: "Not tried yet." },
];

import type { RowProof } from "./proof.ts";

export const proofs: readonly RowProof[] = [
  { row: "W1", unproven: "Not tried yet." },
  { row: "W2", unproven: "Not tried yet." },
  { row: "W3", unproven: "Not tried yet." },
];

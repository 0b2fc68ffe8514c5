import type { RowProof } from "./proof.ts";

export const proofs: readonly RowProof[] = [
  { row: "U1", unproven: "Not tried yet." },
  { row: "U2", unproven: "Not tried yet." },
  { row: "U3", unproven: "Not tried yet." },
];

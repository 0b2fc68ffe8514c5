import type { RowProof } from "./proof.ts";

export const proofs: readonly RowProof[] = [
  { row: "S1", unproven: "Not tried yet." },
  { row: "S2", unproven: "Not tried yet." },
  { row: "S3", unproven: "Not tried yet." },
  { row: "S4", unproven: "Not tried yet." },
  { row: "S5", unproven: "Not tried yet." },
  { row: "S6", unproven: "Not tried yet." },
  { row: "S7", unproven: "Not tried yet." },
  { row: "S8", unproven: "Not tried yet." },
  { row: "S9", unproven: "Not tried yet." },
  { row: "S10", unproven: "Not tried yet." },
];

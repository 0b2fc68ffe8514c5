import type { RowProof } from "./proof.ts";

export const proofs: readonly RowProof[] = [
  { row: "T1", unproven: "Not tried yet." },
  { row: "T2", unproven: "Not tried yet." },
  { row: "T3", unproven: "Not tried yet." },
  { row: "T4", unproven: "Not tried yet." },
  { row: "T5", unproven: "Not tried yet." },
  { row: "T6", unproven: "Not tried yet." },
  { row: "T7", unproven: "Not tried yet." },
  { row: "T8", unproven: "Not tried yet." },
  { row: "T9", unproven: "Not tried yet." },
  { row: "T10", unproven: "Not tried yet." },
  { row: "T11", unproven: "Not tried yet." },
];

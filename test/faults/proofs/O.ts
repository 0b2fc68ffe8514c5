import type { RowProof } from "./proof.ts";

export const proofs: readonly RowProof[] = [
  { row: "O1", unproven: "Not tried yet." },
  { row: "O2", unproven: "Not tried yet." },
  { row: "O3", unproven: "Not tried yet." },
  { row: "O4", unproven: "Not tried yet." },
  { row: "O5", unproven: "Not tried yet." },
  { row: "O6", unproven: "Not tried yet." },
  { row: "O7", unproven: "Not tried yet." },
  { row: "O8", unproven: "Not tried yet." },
  { row: "O9", unproven: "Not tried yet." },
];

import type { RowProof } from "./proof.ts";

export const proofs: readonly RowProof[] = [
  { row: "D1", unproven: "Not tried yet." },
  { row: "D2", unproven: "Not tried yet." },
  { row: "D3", unproven: "Not tried yet." },
  { row: "D4", unproven: "Not tried yet." },
  { row: "D5", unproven: "Not tried yet." },
  { row: "D6", unproven: "Not tried yet." },
];

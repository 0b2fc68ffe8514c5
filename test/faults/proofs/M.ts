import type { RowProof } from "./proof.ts";

export const proofs: readonly RowProof[] = [
  { row: "M1", unproven: "Not tried yet." },
  { row: "M2", unproven: "Not tried yet." },
  { row: "M4", unproven: "Not tried yet." },
  { row: "M6", unproven: "Not tried yet." },
  { row: "M7", unproven: "Not tried yet." },
  { row: "M8", unproven: "Not tried yet." },
];

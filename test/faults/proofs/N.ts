import type { RowProof } from "./proof.ts";

export const proofs: readonly RowProof[] = [
  { row: "N1", unproven: "Not tried yet." },
  { row: "N2", unproven: "Not tried yet." },
  { row: "N3", unproven: "Not tried yet." },
  { row: "N4", unproven: "Not tried yet." },
  { row: "N5", unproven: "Not tried yet." },
  { row: "N6", unproven: "Not tried yet." },
  { row: "N7", unproven: "Not tried yet." },
  { row: "N8", unproven: "Not tried yet." },
  { row: "N9", unproven: "Not tried yet." },
];

import type { RowProof } from "./proof.ts";

export const proofs: readonly RowProof[] = [
  { row: "V1", unproven: "Not tried yet." },
  { row: "V2", unproven: "Not tried yet." },
  { row: "V3", unproven: "Not tried yet." },
  { row: "V4", unproven: "Not tried yet." },
  { row: "V5", unproven: "Not tried yet." },
  { row: "V6", unproven: "Not tried yet." },
  { row: "V7", unproven: "Not tried yet." },
];

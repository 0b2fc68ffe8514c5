import type { RowProof } from "./proof.ts";

export const proofs: readonly RowProof[] = [
  { row: "L1", unproven: "Not tried yet." },
  { row: "L2", unproven: "Not tried yet." },
  { row: "L3", unproven: "Not tried yet." },
  { row: "L4", unproven: "Not tried yet." },
  { row: "L5", unproven: "Not tried yet." },
  { row: "L6", unproven: "Not tried yet." },
  { row: "L7", unproven: "Not tried yet." },
  { row: "L8", unproven: "Not tried yet." },
  { row: "L9", unproven: "Not tried yet." },
];

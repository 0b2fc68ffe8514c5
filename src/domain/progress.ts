/** What the line tells whoever watches. On a terminal it is drawn; elsewhere nothing is. */
export interface Progress {
  /** `Reading pod shop/web-6f9`, `Asking registry.example.com (2 of 5)`. */
  update(text: string): void;
}

export const silent: Progress = { update: () => {} };

/** STUB OF THE SHAPE, owned by the recogniser: one way in which a runtime words this cause. */
export interface Wording {
  /** Who writes it, e.g. `containerd`, `cri-o`, `docker`, `kubelet`, `registry`. */
  readonly writtenBy: string;
  readonly pattern: RegExp;
  readonly example: string;
  /** Repository and path, or URL. */
  readonly source: string;
}

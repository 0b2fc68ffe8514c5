/** Where an image is used, or would be. */
export interface ContainerRef {
  readonly namespace: string;
  readonly pod?: string;
  readonly container?: string;
  readonly node?: string;
  /** `Deployment/web`, where known. */
  readonly owner?: string;
  /** The manifest file that names the image, for images that nobody runs yet; relative to where the program was started. */
  readonly file?: string;
  /** Line in that file, from 1. */
  readonly line?: number;
}

/** A container whose image was pulled, or would be, among those that were asked about by name, selector or manifest. */
export interface HealthyContainer {
  readonly image: string;
  readonly container: ContainerRef;
}

/**
 * Does a text that is not about an image by its reason speak of one all the same? Waiting reason CreateContainerError and
 * Event reason Failed stand for many faults of starting a container; these are the phrases of those that are the image's.
 * Sources: containerd internal/cri/server/container_create.go, cri-o server/container_create.go, kubelet kuberuntime_container.go.
 */
export function speaksOfImage(text: string): boolean {
  return /\b(image not known|no such image|image[\s-]volume|imagevolume|failed to (get|find|resolve|pull) image|unpack(ing)?\b|pulling image|pull image|checking signature|image signature|image ".{1,300}" not found|image .{1,300}: not found|errimage|imagepull|invalidimagename)/i.test(
    text,
  );
}

/** Sandbox creation fails for many reasons (CNI above all); these texts are about fetching the pause image. */
export function speaksOfSandboxImage(text: string): boolean {
  return /\bsandbox image\b|\bpull(ing)? (sandbox |pause )?image\b|\bfailed to pull\b|\bfailed pulling image\b|\binitializing source docker:\/\//i.test(
    text,
  );
}

/** The image that a text names first, as written there; undefined where it names none. */
export function imageNamedIn(text: string): string | undefined {
  const match =
    /\bimage \\?["']([^"'\\\s]{1,1024})\\?["']/i.exec(text) ??
    /\bdocker:\/\/([^\s",]{1,1024}?):?(?=[\s",]|$)/.exec(text);
  return match?.[1];
}

/** The same image as far as a kubelet's text can differ: it may have added `:latest` to what the pod wrote. */
export function isSameImage(text: string, image: string): boolean {
  return text === image || text === `${image}:latest`;
}

/**
 * Whether a message says why. Its empty twins carry the reason alone (`Error: ErrImagePull`), or are the back-off sentence
 * without a cause; kubelets before 1.32 write nothing else there while they wait.
 */
export function isTelling(message: string): boolean {
  const text = message.replace(/^\(combined from similar events\): /, "").trim();
  if (text === "") return false;
  return !/^(Error: )?[A-Z]\w{2,60}$/.test(text) && !/^Back-off pulling image ("[^"]*"|\S+)$/i.test(text);
}

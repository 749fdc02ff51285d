// Sends files to the store part by part, with Uppy, and goes on by itself when the
// connection comes back. Every upload is begun already when it gets here, so one that
// goes on after a reload is no special case: Uppy asks which parts are there.

import Uppy from "@uppy/core";
import AwsS3 from "@uppy/aws-s3";

const atOnce = 3; // files
const longestWait = 30; // seconds between tries

export class Transfers {
  #uppy = new Uppy();
  #partSizes = new Map(); // by size of the file: the API chooses them by it
  #entries = new Map(); // by Uppy's id of the file

  constructor() {
    this.#uppy.use(AwsS3, {
      companionEndpoint: "/desk/upload",
      shouldUseMultipart: true,
      limit: atOnce,
      getChunkSize: ({ size }) => this.#partSizes.get(size),
    });
    this.#on("upload-progress", (entry, { bytesUploaded }) => {
      entry.tries = 0;
      entry.watcher.progress(bytesUploaded);
    });
    this.#on("upload-success", (entry, { body }) => {
      this.#entries.delete(entry.fileID);
      entry.watcher.complete(body.key);
    });
    this.#on("upload-error", (entry, error) => (isCut(error) ? this.#waitFor(entry) : entry.watcher.refused(error)));
    addEventListener("online", () => {
      for (const entry of this.#entries.values()) if (entry.waiting) this.retry(entry.fileID);
    });
  }

  #on(event, then) {
    this.#uppy.on(event, (file, what) => {
      const entry = file && this.#entries.get(file.id);
      if (entry) then(entry, what);
    });
  }

  /**
   * add sends a file to an upload and returns the id that the other methods take. The
   * watcher is told: progress(bytes), cut(), complete(assetID), refused(error).
   */
  add(file, upload, watcher) {
    this.#partSizes.set(file.size, upload.part_size);
    const fileID = this.#uppy.addFile({ name: file.name, type: file.type, data: file });
    this.#entries.set(fileID, { fileID, watcher, tries: 0, waiting: undefined });
    this.#uppy.setFileState(fileID, { s3Multipart: { uploadId: upload.id, key: upload.id } });
    this.#uppy.upload().catch(() => {}); // told by upload-error
    return fileID;
  }

  /** toggle pauses or goes on, and reports whether the file is paused now. */
  toggle(fileID) {
    return this.#uppy.pauseResume(fileID);
  }

  /** retry goes on after an error, at the parts that are missing. */
  retry(fileID) {
    const entry = this.#entries.get(fileID);
    clearTimeout(entry.waiting);
    entry.waiting = undefined;
    this.#uppy.retryUpload(fileID).catch(() => {});
  }

  /** cancel gives an upload up, and frees its parts in the store. */
  cancel(fileID) {
    clearTimeout(this.#entries.get(fileID)?.waiting);
    this.#entries.delete(fileID);
    this.#uppy.removeFile(fileID);
  }

  #waitFor(entry) {
    entry.tries += 1;
    entry.waiting = setTimeout(() => this.retry(entry.fileID), 1000 * Math.min(longestWait, 2 ** entry.tries));
    entry.watcher.cut();
  }
}

/** isCut reports whether nobody answered, or one that is about to come back. */
function isCut(error) {
  const status = error.request?.status ?? (error instanceof TypeError ? 0 : undefined);
  return status === 0 || status === 429 || status >= 500;
}

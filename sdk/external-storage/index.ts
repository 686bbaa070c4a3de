// The public index of millrace/external-storage: drivers for `ExternalStorage` of millrace/common. They need Node.
export { FileSystemStorageDriver, type FileSystemStorageDriverOptions } from './file-system-driver.js';
export { InMemoryStorageDriver } from './in-memory-driver.js';

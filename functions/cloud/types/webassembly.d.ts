/** The part of WebAssembly that this project uses; the types of Node have none of it. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module);
    exports: unknown;
  }
}

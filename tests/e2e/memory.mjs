// The memory of the page's wasm, for tests that watch it.

/** Runs in the page before its own scripts: keeps hold of the instance's memory. */
export function holdMemory() {
  for (const name of ['instantiate', 'instantiateStreaming']) {
    const original = WebAssembly[name];
    WebAssembly[name] = async (...given) => {
      const made = await original.apply(WebAssembly, given);
      // The engine's half has none of its own.
      globalThis.wasmMemory ??= (made.instance ?? made).exports.memory;
      return made;
    };
  }
}

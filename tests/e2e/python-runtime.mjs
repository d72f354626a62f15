// Calls the module of the page's Python (www/python) inside the built page, for the tests of several files.

/** Downloads the module and nothing else, as the page would when the reader asks to run Python. */
export const use = (page) => page.evaluate(async () => {
  const { content } = document.querySelector("meta[name=loopscope-runtime]");
  window.runtime = await import(new URL(content, document.baseURI));
});

/** Loads and runs a program. Returns the result, or how it was rejected. */
export const run = (page, source, options = {}) => page.evaluate(async ([source, options]) => {
  try {
    const { result, trace } = await window.loopscopePython.run(source, options);
    return { ...JSON.parse(result), trace: JSON.parse(trace) };
  } catch ({ name, code, message }) {
    return { rejected: name === "PythonError" ? code : name, message };
  }
}, [source, options]);

/** A program that holds the loop for so many seconds. */
export const SLEEPS = (seconds) => `import asyncio, time

async def hold():
    time.sleep(${seconds})
    print("held")

async def main():
    await asyncio.gather(asyncio.sleep(1), hold())

asyncio.run(main())
`;

// SPDX-License-Identifier: EUPL-1.2
// Writes down, before anything else runs, what goes wrong on the page: errors nobody caught, what is written to the console
// as an error, and what the page's policy blocked.

{
  const complaints = (window.complaints = []);
  addEventListener('error', ({ message, target }) => complaints.push(message ?? `${target.src ?? target.href} did not come`), true);
  addEventListener('unhandledrejection', ({ reason }) => complaints.push(`unhandled: ${reason}`));
  addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sourceFile, lineNumber }) => {
    complaints.push(`${effectiveDirective} forbids ${blockedURI} at ${sourceFile}:${lineNumber}`);
  });
  const write = console.error;
  console.error = (...words) => {
    complaints.push(words.join(' '));
    write.apply(console, words);
  };
}

// The whole of a TypeScript transformer for jest: Node blanks the types out.
import { stripTypeScriptTypes } from "node:module";

export default {
  process: (source) => ({ code: stripTypeScriptTypes(source) }),
  processAsync: async (source) => ({ code: stripTypeScriptTypes(source) }),
};

// What scripts push onto the stack, as far as BIP 37 asks for it. Scripts are not run.
// Bytes: what is pushed is a view of the script.

/** One operation of a script. */
interface ScriptOperation {
  readonly opcode: number;
  /** What it pushes: empty if that is nothing, or a number in the opcode itself. */
  readonly data: Uint8Array;
  /** Where the next operation begins. */
  readonly end: number;
}

const opPushData1 = 0x4c;
const opPushData4 = 0x4e;
const op1 = 0x51;
const op16 = 0x60;
const opCheckSig = 0xac;
const opCheckMultisig = 0xae;
const maxMultisigKeys = 20;

/** All that is pushed up to the first operation that is cut off, without what is empty. */
export function* scriptPushes(script: Uint8Array): Generator<Uint8Array, void> {
  let operation = readOperation(script, 0);
  while (operation !== undefined) {
    if (operation.data.length > 0) yield operation.data;
    operation = readOperation(script, operation.end);
  }
}

/** Whether a script asks for the signature of a public key, or of several, that it shows itself. */
export function paysToPublicKeys(script: Uint8Array): boolean {
  const last = script.at(-1);
  if (last === opCheckSig) {
    const key = readOperation(script, 0);
    // Only the direct push: one byte in front of the key, one behind it.
    return key !== undefined && key.data.length === script.length - 2 && isPublicKey(key.data);
  }
  return last === opCheckMultisig && isMultisig(script);
}

function isMultisig(script: Uint8Array): boolean {
  let operation = readOperation(script, 0);
  const required = operation === undefined ? 0 : numberOf(operation);
  if (operation === undefined || required < 1) return false;
  let keys = 0;
  operation = readOperation(script, operation.end);
  while (operation !== undefined && isPublicKey(operation.data)) {
    keys++;
    operation = readOperation(script, operation.end);
  }
  if (operation === undefined || keys < required || numberOf(operation) !== keys) return false;
  return operation.end + 1 === script.length;
}

/** A number from 1 to 20 in its only form, or 0. */
function numberOf({ opcode, data }: ScriptOperation): number {
  if (opcode >= op1 && opcode <= op16) return opcode - op1 + 1;
  const number = opcode === 1 ? (data[0] as number) : 0;
  return number > op16 - op1 + 1 && number <= maxMultisigKeys ? number : 0;
}

function isPublicKey(data: Uint8Array): boolean {
  const [first] = data;
  if (first === 2 || first === 3) return data.length === 33;
  return (first === 4 || first === 6 || first === 7) && data.length === 65;
}

function readOperation(script: Uint8Array, at: number): ScriptOperation | undefined {
  const opcode = script[at];
  if (opcode === undefined) return undefined;
  let start = at + 1;
  let length = 0;
  if (opcode < opPushData1) length = opcode;
  else if (opcode <= opPushData4) {
    // Behind these three there are 1, 2 or 4 bytes of length.
    const bytes = 1 << (opcode - opPushData1);
    if (start + bytes > script.length) return undefined;
    for (let i = bytes - 1; i >= 0; i--) length = length * 256 + (script[start + i] as number);
    start += bytes;
  }
  const end = start + length;
  return end > script.length ? undefined : { opcode, data: script.subarray(start, end), end };
}

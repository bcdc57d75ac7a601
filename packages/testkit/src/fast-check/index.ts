/**
 * Arbitraries of fast-check for chunkings, faults, links and messages.
 *
 * @packageDocumentation
 */
export {};

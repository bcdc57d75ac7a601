/**
 * What every implementation of an interface must do, as suites for any test runner.
 *
 * @packageDocumentation
 */
export {};

// A process of its own, which opens things and prints what a leak check says: a test runner has timers that come and
// go.
import { type ByteStream, listenTcp, parseHostPort, tcpDialer } from "@satwire/net";
import { eventually, type LeakCheck, leakCheck } from "@satwire/testkit";

const leaks = async (check: LeakCheck): Promise<string> => {
  try {
    await check.assertClean({ timeoutMs: 0 });
    return "clean";
  } catch (error) {
    const [count, ...lines] = (error as Error).message.split("\n");
    return [count, ...lines.toSorted()].join("\n");
  }
};
const results: Record<string, string> = {};

const check = leakCheck();
const ignoring = [
  leakCheck({ ignoredResources: ["Timeout"] }),
  leakCheck({ processResources: false }),
];
const timer = setTimeout(() => {}, 60_000);
results["a timer"] = await leaks(check);
for (const [i, other] of ignoring.entries()) results[`a timer, ignored ${i}`] = await leaks(other);
const later = leakCheck();
results["a timer, set before"] = await leaks(later);
clearTimeout(timer);
results["a timer, cleared"] = await leaks(check);
const second = setTimeout(() => {}, 60_000);
results["a timer in the place of one before"] = await leaks(later);
clearTimeout(second);
setTimeout(() => {}, 5);
await check.assertClean({ timeoutMs: 60_000 });

const accepted: ByteStream[] = [];
const localhost = parseHostPort("127.0.0.1:0", { allowPortZero: true });
const listener = await listenTcp(localhost, (stream) => void accepted.push(stream));
results["a server"] = await leaks(check);
const stream = await tcpDialer()(listener.address);
await eventually(() => accepted.length === 1, { timeoutMs: 60_000 });
results["a server and two sockets"] = await leaks(check);
stream.destroy();
accepted[0]?.destroy();
await listener.close();
await check.assertClean({ timeoutMs: 60_000 });

process.stdout.write(JSON.stringify(results));

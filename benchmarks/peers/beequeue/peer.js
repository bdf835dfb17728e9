// Bee-Queue as a peer, with everything off that costs and is not needed.
// usage: peer.js fill|drain REDIS_URL QUEUE ITEMS CONCURRENCY PAYLOAD_BYTES RESULT_BYTES
import Queue from "bee-queue";

const [verb, url, name, count, concurrency, size, resultSize] = process.argv.slice(2);
const items = Number(count);
const began = process.hrtime.bigint();
const result = Number(resultSize) > 0 ? "r".repeat(Number(resultSize)) : undefined;
const queue = new Queue(name, {
  redis: { url },
  isWorker: verb !== "fill",
  getEvents: false,
  sendEvents: false,
  storeJobs: false,
  activateDelayedJobs: false,
  removeOnSuccess: result === undefined,
});
await queue.ready();

if (verb === "fill") {
  for (let first = 0; first < items; first += 1000) {
    const jobs = [];
    for (let i = first; i < Math.min(items, first + 1000); i++) {
      jobs.push(queue.createJob(String(i).padStart(Number(size), "0")));
    }
    const failures = await queue.saveAll(jobs);
    if (failures.size > 0) throw failures.values().next().value;
  }
} else {
  let done = 0;
  await new Promise((resolve, reject) => {
    queue.on("error", reject);
    queue.process(Number(concurrency), async () => {
      if (++done === items) setImmediate(resolve);
      return result;
    });
  });
}
await queue.close(60000);
console.log(JSON.stringify({ items, seconds: Number(process.hrtime.bigint() - began) / 1e9 }));
process.exit(0);

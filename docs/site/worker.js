// A browser starts no worker for a page that is read from a disk. Here one runs in a hidden frame, so that the search
// of the site works without a server and without a script from elsewhere.
if (location.protocol === "file:") {
  window.IFrameWorker = true; // what the search asks for, to find its files
  window.Worker = class extends EventTarget {
    constructor(address) {
      super();
      const frame = document.createElement("iframe");
      frame.hidden = true;
      frame.title = "worker";
      document.body.appendChild(frame);
      this.inside = frame.contentWindow;
      this.inside.__search = window.__search;
      this.inside.postMessage = (data) => setTimeout(() => this.receive(data));
      this.inside.importScripts = (...addresses) =>
        addresses.reduce((before, each) => before.then(() => this.load(each)), Promise.resolve());
      this.ready = this.load(address);
    }
    load(address) {
      return new Promise((done, failed) => {
        const script = this.inside.document.createElement("script");
        script.src = new URL(address, document.baseURI);
        script.onload = done;
        script.onerror = failed;
        this.inside.document.body.appendChild(script);
      });
    }
    receive(data) {
      const event = new MessageEvent("message", { data });
      this.dispatchEvent(event);
      if (this.onmessage) this.onmessage(event);
    }
    postMessage(data) {
      this.ready.then(() => this.inside.dispatchEvent(new MessageEvent("message", { data })));
    }
    terminate() {}
  };
}

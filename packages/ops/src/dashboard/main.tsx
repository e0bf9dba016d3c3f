import { render } from "preact";
import { Dashboard } from "./page/dashboard.ts";
import { DashboardContext } from "./page/hooks.ts";
import { listenToKeys } from "./page/keys.ts";
import { App } from "./views/app.tsx";

const root = document.querySelector("#page");
if (root === null) throw new Error("index.html has no #page");
root.replaceChildren();

const dashboard = new Dashboard();
listenToKeys(dashboard);
render(
  <DashboardContext.Provider value={dashboard}>
    <App />
  </DashboardContext.Provider>,
  root,
);

import Flows

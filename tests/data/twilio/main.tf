# Two flows of one account.
resource "twilio_studio_flows_v2" "day" {
  friendly_name = "Day"
  definition = jsonencode({
    states = [
      {
        name        = "Trigger"
        type        = "trigger"
        transitions = [{ event = "incomingCall", next = "hello" }]
      },
      {
        name        = "hello"
        type        = "say-play"
        transitions = [{ event = "audioComplete" }]
        properties  = { say = "Hello" }
      },
    ]
    initial_state = "Trigger"
  })
}

resource "twilio_studio_flows_v2" "night" {
  definition = <<-JSON
    {"states": [{"name": "Trigger", "type": "trigger", "transitions": []}], "initial_state": "Trigger"}
  JSON
}

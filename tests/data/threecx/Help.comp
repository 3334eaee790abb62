<?xml version="1.0" encoding="utf-8"?>
<!-- Written for the tests of the reader. -->
<File>
  <Version>2.1</Version>
  <Variables>
    <ArrayOfVariable>
      <Variable><Name>Wanted</Name><Scope>Public</Scope><ShowScopeProperty>true</ShowScopeProperty></Variable>
      <Variable><Name>Found</Name><Scope>Private</Scope><ShowScopeProperty>true</ShowScopeProperty></Variable>
    </ArrayOfVariable>
  </Variables>
  <Flows>
    <MainFlow>
      <ns0:MainFlow x:Name="Component1" xmlns:x="http://schemas.microsoft.com/winfx/2006/xaml" xmlns:ns0="clr-namespace:TCX.CFD.Classes.Components;Assembly=3CX Call Flow Designer">
        <ns0:AuthenticationComponent x:Name="Who" IsPinRequired="True" RequestIdInitialPromptList='&lt;?xml version="1.0" encoding="utf-16"?&gt;&lt;ArrayOfPrompt xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"&gt;&lt;Prompt xsi:type="TextToSpeechAudioPrompt"&gt;&lt;VoiceName&gt;x&lt;/VoiceName&gt;&lt;Format&gt;Text&lt;/Format&gt;&lt;Text&gt;"Your number?"&lt;/Text&gt;&lt;/Prompt&gt;&lt;/ArrayOfPrompt&gt;' RequestIdMinDigits="4" RequestIdMaxDigits="4" RequestIdMaxRetryCount="3" RequestPinInitialPromptList='&lt;?xml version="1.0" encoding="utf-16"?&gt;&lt;ArrayOfPrompt xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"&gt;&lt;Prompt xsi:type="TextToSpeechAudioPrompt"&gt;&lt;VoiceName&gt;x&lt;/VoiceName&gt;&lt;Format&gt;Text&lt;/Format&gt;&lt;Text&gt;"Your secret?"&lt;/Text&gt;&lt;/Prompt&gt;&lt;/ArrayOfPrompt&gt;' RequestPinMinDigits="4" RequestPinMaxDigits="6" RequestPinStopDigit="DigitStar"><ns0:AuthenticationComponent.RequestID><ns0:UserInputComponent MinDigits="4" /></ns0:AuthenticationComponent.RequestID><ns0:ComponentBranch x:Name="b1" DisplayedText="Valid Input"><ns0:VariableAssignmentComponent x:Name="Keep" VariableName="callflow$.Found" Expression="Who.ID" /></ns0:ComponentBranch><ns0:ComponentBranch x:Name="b2" DisplayedText="Invalid Input" /></ns0:AuthenticationComponent>
      </ns0:MainFlow>
    </MainFlow>
    <ErrorHandlerFlow />
    <DisconnectHandlerFlow />
  </Flows>
</File>

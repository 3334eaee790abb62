<%@ page contentType="text/xml" %><%-- who is it? --%>
<% String name = request.getParameter("name"); %>
<?xml version="1.0" encoding="UTF-8"?>
<vxml version="2.0" xmlns="http://www.w3.org/2001/vxml" xml:base="http://<%= host() %>:<%= port() + "/x" %>">
  <form><block><prompt>Hello <%= name %>, welcome.</prompt></block></form>
</vxml>
<% log(name); %>
